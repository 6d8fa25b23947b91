raise SystemExit("BREACH-7d1f: psutil was loaded")
