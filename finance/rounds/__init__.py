"""One estimate round of a fiscal year: deadlines, ceilings, envelopes, measured outputs, clock."""
