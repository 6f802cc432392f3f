"""What comes in from Telegram: fetched or called in, cleaned, decoded, and given to its turn."""
