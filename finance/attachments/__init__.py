"""Papers that prove a request: what a file is by its content, where its bytes lie, who attached it.

Bytes lie outside the database and outside every web root, named by their SHA-256. This room knows
versions only by id; who may attach or read is decided in `finance.estimates.paper_acts`.
"""
