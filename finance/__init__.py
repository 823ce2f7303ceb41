"""What the province knows and decides about reform money: domain and storage, no web.

The rooms follow the life of the money, and a later room may know an earlier one, never back:
agencies -> programme -> rounds -> estimates -> reviews -> scenarios -> allocations -> reports.
Every change goes through an operation: find the subject, ask whether the actor may, do it once,
write the audit row in the same transaction.
"""
