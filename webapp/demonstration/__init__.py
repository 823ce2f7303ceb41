"""The demonstration province of early 2012: invented figures, made by the acts people do themselves."""
