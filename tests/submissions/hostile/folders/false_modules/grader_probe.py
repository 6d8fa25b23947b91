raise SystemExit("BREACH-7d1f: grader_probe was loaded")
