"""The bot is killed again and again under load; then everything it promised is checked from outside."""
