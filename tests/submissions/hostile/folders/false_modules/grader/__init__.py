raise SystemExit("BREACH-7d1f: grader was loaded")
