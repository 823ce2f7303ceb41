"""How stored facts changed shape over time; `upgrade` brings a database to the newest shape."""
