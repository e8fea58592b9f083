"""Everything about text: reading, cleaning, indexing and searching diplomatic statements."""
