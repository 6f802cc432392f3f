"""What is done beside the conversations: all that is due, made up or looked after again and again."""
