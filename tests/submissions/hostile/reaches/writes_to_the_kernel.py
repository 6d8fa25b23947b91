"""A right answer, and attempts to set what the kernel shows in /proc, to what it is."""
from four import four

if __name__ == "__main__":
    for path in (
        "/proc/sys/kernel/hostname",
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/vm/swappiness",
        "/proc/sys/kernel/keys/maxkeys",
        "/proc/sys/user/max_user_namespaces",
        "/proc/sys/kernel/ns_last_pid",
        "/proc/1/uid_map",
        "/proc/1/oom_score_adj",
    ):
        try:
            with open(path) as file:
                value = file.read()
            with open(path, "w") as file:
                file.write(value)
        except OSError as error:
            print("REFUSED", path, error.strerror)
        else:
            print("BREACH-7d1f: set", path)
    for path in ("/proc/sysrq-trigger", "/proc/1/mem", "/dev/mem", "/dev/kmsg"):
        try:
            open(path, "wb", buffering=0).close()
            print("BREACH-7d1f: opened", path)
        except OSError as error:
            print("REFUSED", path, error.strerror)
    four()
