export const backup = {
  title: "Backup",
  body: "One file with all that this installation holds, as it is at this moment: accounts, projects, images, annotations with their history, models, predictions, and jobs with their curves. Everybody can go on working meanwhile.",
  secret:
    "The file holds all images and hashes of all passwords. Keep it where only administrators can read it, and not on this machine alone.",
  download: "Download backup",
  started: "The backup is on its way; your browser shows how far it is",
  restoreTitle: "To restore it",
  restore:
    "In the shell, into a data folder that is not there yet. Every byte is checked before anything is changed, so a file that was cut short is refused.",
  restoreCommand: "boxwright restore boxwright-DATE.tar --data NEW-FOLDER\nboxwright serve --data NEW-FOLDER",
  shellTitle: "To make one every night",
  shell: "From a timer of the machine. The shell reads the file back and checks it as well.",
  shellCommand: "boxwright backup --out FOLDER/boxwright.tar",
} as const;
