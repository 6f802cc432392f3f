"""What a panel is told of each period."""
