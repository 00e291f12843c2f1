import { Button, Group } from "@mantine/core";
import { urls } from "../../api/queries";
import { exchange as words } from "../../strings/exchange";

/** What an import found and did, as files to keep. */
export function ReportFile({ jobId }: { jobId: string }) {
  return (
    <Group gap="xs">
      <Button component="a" variant="subtle" size="compact-sm" href={urls.jobFile(jobId, "import-report.txt")} download>
        {words.reportText}
      </Button>
      <Button
        component="a"
        variant="subtle"
        size="compact-sm"
        href={urls.jobFile(jobId, "import-report.json")}
        download
      >
        {words.reportJson}
      </Button>
    </Group>
  );
}
