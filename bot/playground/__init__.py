"""The playground: a Telegram to try the bot in, without Telegram."""
