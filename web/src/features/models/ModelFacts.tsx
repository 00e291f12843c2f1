import { Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { modelsQuery, versionsQuery } from "../../api/queries";
import type { Model } from "../../api/types";
import { Facts } from "../../components/Facts";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import { bytes, count } from "../../lib/format";
import { foreign } from "../../strings/foreign";
import { models as words } from "../../strings/models";
import { training } from "../../strings/training";
import { draftOf, presetOf } from "./cardDraft";
import { labelOf } from "../training/parameters";

type Fact = readonly [name: string, value: ReactNode];

/** Where a model comes from and what it is made of. */
export function ModelFacts({ model }: { model: Model }) {
  const versions = useQuery(versionsQuery(model.project_id));
  const models = useQuery(modelsQuery(model.project_id));
  const version = versions.data?.find((one) => one.id === model.version_id);
  const parent = models.data?.find((one) => one.id === model.parent_id);
  const { card } = model;
  const names = words.facts;
  const hyper = Object.entries(card.hyper ?? {}).map(([name, value]) => [labelOf(name), String(value)] as const);
  // Only what was recognised by its outputs names them.
  const elsewhere = model.task === "assist" || Object.keys(card.outputs ?? {}).length > 0;
  const origin = originOf(model, elsewhere, version?.name, parent?.name);
  return (
    <>
      <Paper component="section" aria-label={words.about} p="sm">
        <Title order={3}>{words.about}</Title>
        <Facts
          facts={[
            ...origin,
            [names.architecture, training.architectureNames[card.architecture] ?? card.architecture],
            [names.gives, names.tasks[card.task]],
            [names.parameters, count(card.parameters)],
            [names.input, `${card.input.width} × ${card.input.height} px, ${foreign.placements[card.input.placement]}`],
            [names.colours, foreign.channelNames[card.input.channels]],
            [names.values, valuesOf(card)],
            [names.decoder, [card.decoder, ...Object.values(card.options ?? {})].join(", ")],
            [names.size, bytes(model.onnx_bytes)],
            [names.licence, card.licence],
            [names.made, elsewhere ? names.elsewhere : `Boxwright ${card.boxwright_version}`],
          ]}
        />
      </Paper>
      {!elsewhere && (
        <Paper component="section" aria-label={words.hyper} p="sm">
          <Title order={3}>{words.hyper}</Title>
          {hyper.length === 0 ? <Text c="dimmed">{words.hyperDefault}</Text> : <Facts facts={hyper} />}
        </Paper>
      )}
    </>
  );
}

/** Where the model comes from; a foreign one brings nothing to tell but when it came. */
function originOf(model: Model, elsewhere: boolean, version?: string, parent?: string): Fact[] {
  const { card } = model;
  const names = words.facts;
  const time = <Time key="time" value={model.created_at} />;
  if (elsewhere) return [[names.added, time]];
  return [
    [
      names.dataset,
      version === undefined ? (
        (card.dataset_version ?? words.versionGone)
      ) : (
        <VersionLink key="version" projectId={model.project_id} name={version} />
      ),
    ],
    [names.trained, time],
    [names.training, <TrainingLink key="link" model={model} />],
    [names.parent, parent ?? card.parent_model ?? beginning(card)],
  ];
}

/** What a training without another model began from. */
function beginning({ architecture, hyper }: Model["card"]): string {
  if (!architecture.startsWith("wren")) return words.facts.pretrained;
  return hyper?.["start"] === "starter" ? words.facts.starter : words.facts.random;
}

/** The normalisation in words, or in numbers where it has no name. */
function valuesOf(card: Model["card"]): string {
  const preset = presetOf(draftOf(card));
  if (preset !== "other") return foreign.presets[preset];
  return `(value − ${card.input.mean.join(", ")}) / ${card.input.std.join(", ")}`;
}

/** To the versions of the dataset, where this one can be compared with the present, exported and brought back. */
function VersionLink({ projectId, name }: { projectId: string; name: string }) {
  return (
    <LinkAnchor to="/projects/$projectId/images" params={{ projectId }} search={{ dialog: "versions" }} size="sm">
      {name}
    </LinkAnchor>
  );
}

function TrainingLink({ model }: { model: Model }) {
  if (model.job_id === null) return "–";
  return (
    <LinkAnchor
      to="/projects/$projectId/train/$jobId"
      params={{ projectId: model.project_id, jobId: model.job_id }}
      size="sm"
    >
      {words.openTraining}
    </LinkAnchor>
  );
}
