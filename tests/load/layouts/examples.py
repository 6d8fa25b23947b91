"""A download of each platform, as a folder or an archive would hold it."""

from tests.load.downloads import Q6, Files, zip_bytes

CANVAS: Files = {
    "doejane_4711_9901_q5.py": Q6,
    "doejane_4711_9902_q6.py": Q6,
    "o'brienzoë_LATE_4712_9903_q6.ipynb": "{}",
    "liwei_4713_text.html": "<p>print(6)</p>",
    "teamred_4714_9904_work.zip": zip_bytes({"work/q6.py": Q6}),
}
MOODLE: Files = {
    "Jane Doe_4711_assignsubmission_file/q6.py": Q6,
    "Jane Doe_4711_assignsubmission_file/src/helper.py": Q6,
    "Jane Doe_4711_assignsubmission_onlinetext/onlinetext.html": "<p>6</p>",
    "Zoë O'Brien_4712_assignsubmission_file_/q6.ipynb": "{}",
}
FLAT_MOODLE: Files = {
    "Jane Doe_4711_assignsubmission_file_q6.py": Q6,
    "Jane Doe_4711_assignsubmission_file_my_q5.py": Q6,
    "Zoë O'Brien_4712_assignsubmission_onlinetext_onlinetext.html": "<p>6</p>",
}
METADATA = """---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: '0300'
    :email: jane@example.org
  - :name: Zoë O'Brien
    :sid:
    :email: zoe@example.org
  :created_at: 2024-02-05 19:40:51.374893000 Z
  :score: 10.0
  :history:
  - :id: 99
    :created_at: 2024-02-04 10:00:00.000000000 Z
    :score: 1.0
  - :id: 100
    :created_at: 2024-02-06 10:00:00.000000000 Z
submission_102:
  :submitters:
  - :name: Li Wei
    :sid: '0301'
    :email: li@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2024-02-05 10:00:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    time: *1
"""
GRADESCOPE: Files = {
    "submission_metadata.yml": METADATA,
    "submission_101/q6.py": Q6,
    "submission_101/data/numbers.txt": "1",
    "submission_102/q6.py": Q6,
}
CLASSROOM: Files = {
    "lab-6-octocat/q6.py": Q6,
    "lab-6-octocat/.git/config": "[core]",
    "lab-6-jane-doe/q6.py": Q6,
    "lab-6-jane-doe/src/q5.py": Q6,
}
NBGRADER: Files = {
    "submitted/jane/lab6/q6.ipynb": "{}",
    "submitted/jane/lab6/timestamp.txt": "2024-02-02 15:58:23.948203 UTC",
    "submitted/zoë/lab6/q6.ipynb": "{}",
    "submitted/zoë/lab6/timestamp.txt": "2024-02-02 15:58:23 Europe/Berlin",
    "source/lab6/q6.ipynb": "{}",
    "gradebook.db": "SQLite",
}
