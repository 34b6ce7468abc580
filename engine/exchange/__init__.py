"""Messages between offices as they travel: their text, their signatures, and files of them."""
