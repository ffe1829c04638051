"""Listening histories as other services export them, read into one kind of listen. Nothing is lost silently: what
cannot be read becomes a rejected entry with its number and the reason."""
