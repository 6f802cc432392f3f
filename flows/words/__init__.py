"""What citizens say: their statements, how these are sorted, reviewed, and what comes of them."""
