const objects = (n: number): string => (n === 1 ? "1 object" : `${n} objects`);
const images = (n: number): string => (n === 1 ? "1 image" : `${n} images`);

/** Words of what carries objects from one image to others. */
export const carry = {
  menu: "More for objects",
  copied: (n: number) => `${objects(n)} copied`,
  otherProject: "What was copied has classes of another project. Copy objects of this project first.",
  noPrevious: "There is no previous image in this filter",
  noNext: "There is no next image in this filter",
  nothingToTake: "The previous image has no objects that are not here already",
  tooLarge: (n: number) => `${objects(n)} left out: this image is too small for them`,
  kept: (n: number) => `${objects(n)} of the image before; undo takes them back`,
  keepOn: "An image without objects now begins with those of the image before",
  keepOff: "Images begin without objects again",
  selectFirst: "Select the objects first",
  thereAlready: "The next images have these objects already",
  propagated: (n: number, m: number) => `${objects(n)} put into the next ${images(m)}`,
  propagateTitle: "Put objects into the next images",
  propagateHint: (n: number) =>
    `${objects(n)}, at the same place. Each image keeps its own objects and can undo it on its own.`,
  images: "Images",
  propagate: "Put",
} as const;
