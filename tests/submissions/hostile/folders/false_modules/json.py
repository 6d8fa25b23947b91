raise SystemExit("BREACH-7d1f: json was loaded")
