"""What programs can ask of the bot over HTTP: its health, calendars, and feeds."""
