"""The player: a Dash application that plays the music, sends the events and shows what follows from them."""
