"""One function for each page: what it shows, from the store."""
