/** A choice of few: side by side; on a phone, which has no room for their words, below each other, and many as a list. */
import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";

const PHONE = "(max-width: 48em)";
const MANY = 4;

interface Props {
  readonly "aria-label": string;
  readonly data: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}

export function Segments({ data, disabled = false, onChange, ...given }: Props) {
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  if (phone && data.length > MANY)
    return (
      <NativeSelect
        {...given}
        w="100%"
        data={[...data]}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  return (
    <SegmentedControl
      {...given}
      maw="100%"
      style={{ alignSelf: "start" }}
      data={[...data]}
      disabled={disabled}
      onChange={onChange}
      {...(disabled ? { tabIndex: 0 } : {})}
      {...(phone ? { orientation: "vertical", fullWidth: true, w: "100%" } : {})}
    />
  );
}
