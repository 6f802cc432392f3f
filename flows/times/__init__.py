"""When: clocks on walls, what people type of them, and how something comes again."""
