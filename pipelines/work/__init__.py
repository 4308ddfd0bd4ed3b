"""What a worker does: the stages of a run, each in a child process that can be ended at any moment."""
