// Steps back and forward. A state is the list of rows as they stood, each row an object shared by
// every state in which it did not change: a thousand rows and a hundred steps stay small.
const MOST_STEPS = 200;

export class History {
  constructor(grid) {
    this.grid = grid;
    this.past = [];
    this.future = [];
    this.now = this.read();
  }

  read() {
    return this.grid.rows.map((row) => row.capture());
  }

  // Notes one act as one step; an act that changed nothing is none.
  commit() {
    const state = this.read();
    if (state.length === this.now.length && state.every((row, place) => row === this.now[place])) return false;
    this.past.push(this.now);
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
    this.now = state;
    return true;
  }

  // The state to go to, or null; what was typed since the last step is a step of its own.
  back() {
    this.commit();
    if (!this.past.length) return null;
    this.future.push(this.now);
    this.now = this.past.pop();
    return this.now;
  }

  forward() {
    if (this.commit() || !this.future.length) return null;
    this.past.push(this.now);
    this.now = this.future.pop();
    return this.now;
  }
}
