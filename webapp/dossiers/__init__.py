"""The dossier of each project: what proves a request, typed, attached, and read by the reviewers."""
