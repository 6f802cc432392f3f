"""How things are said: a reply in one language becomes text, buttons and files that Telegram takes."""
