/** Whether attributes that are set hold from the frame on show on, or of the whole track. */
import { IconArrowRightBar } from "@tabler/icons-react";

import { IconKey } from "../IconKey";
import type { Reel } from "./reel";
import { useReel } from "./useReel";

export function FromHere({ reel }: { readonly reel: Reel }) {
  const fromHere = useReel(reel, (state) => state.fromHere);
  return (
    <IconKey small icon={IconArrowRightBar} action="fromHere" active={fromHere} onClick={() => reel.toggleFromHere()} />
  );
}
