raise SystemExit("BREACH-7d1f: _json was loaded")
