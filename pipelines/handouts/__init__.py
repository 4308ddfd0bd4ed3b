"""What a worker makes of a lesson because somebody asked: the film of a clip, the portfolio of several."""
