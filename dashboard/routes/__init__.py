"""HTTP routes beside the pages: music, covers, events, live updates and the API."""
