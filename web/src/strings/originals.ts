/** Images that are there by reference. */
export const originals = {
  away: (address: string) => `By reference: lies at ${address}`,
  awayShort: "by reference",
  copyIn: "Copy in",
  copyInHint: "Copy the image into Boxwright: it stays here whatever becomes of its address",
  copySome: (n: string) => `Copy ${n} in`,
  copyAll: "Copy all in",
  started: (n: string) => `Copying ${n} in; the jobs show how far it is`,
  title: "Images by reference",
  none: "All images of this project are copied: nothing depends on another place.",
  some: (n: string) =>
    `${n} lie elsewhere and are fetched when they are wanted. Copied in, they stay here whatever becomes of their address.`,
  stops: "What was copied stays when the job is stopped.",
} as const;
