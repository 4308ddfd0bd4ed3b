"""What the words mean: spans, transcripts, measures. Standard library only; no files, no models, no own clock."""
