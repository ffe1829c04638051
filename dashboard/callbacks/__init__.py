"""What happens when something changes in the browser."""
