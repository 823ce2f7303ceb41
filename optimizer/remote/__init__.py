"""The door for other machines: a problem's text goes out, a ticket comes back, a plan is fetched and audited.

``RemoteDoor`` is the interface; ``LocalDoor`` keeps it with processes of this machine. What is fetched is
believed only after our own exact audit against the text that was submitted: a plan is a claim, wherever it
comes from.
"""
