"""What a folder of music holds: its files, their tags and covers, and the analysis of one file."""
