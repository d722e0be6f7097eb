"""From print to speech: what an engine should get, and where each word was printed."""
