raise SystemExit("BREACH-7d1f: msgspec was loaded")
