"""Pieces of pages, as functions of what they show."""
