"""One file a detector family: `match` recognises its outputs, `decode` turns them into boxes and scores. Numpy only."""
