import { useHotkeys } from "@mantine/hooks";

/** Keys that work wherever the focus is but in a field that is typed into: a filter that was clicked keeps it. */
export function useReviewKeys(deeds: Readonly<Record<string, () => void>>): void {
  useHotkeys(
    Object.entries(deeds).map(([key, deed]) => [
      key,
      () => {
        if (!isTyping(document.activeElement)) deed();
      },
      { preventDefault: false },
    ]),
    ["TEXTAREA", "SELECT"],
  );
}

function isTyping(element: Element | null): boolean {
  return element instanceof HTMLInputElement && !element.readOnly && !["radio", "checkbox"].includes(element.type);
}
