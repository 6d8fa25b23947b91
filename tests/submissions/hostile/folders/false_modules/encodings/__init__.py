raise SystemExit("BREACH-7d1f: encodings was loaded")
