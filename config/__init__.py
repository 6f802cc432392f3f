"""What can be set: settings, territories, languages, texts, SPIRAL's versioned data; checked when read."""
