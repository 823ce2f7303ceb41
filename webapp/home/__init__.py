"""The start page of every role: Việc của tôi."""
