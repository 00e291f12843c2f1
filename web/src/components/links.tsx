import { Anchor, Button, Menu, type AnchorProps, type ButtonProps, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Html = AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

function PlainButton(props: ButtonProps & Omit<Html, keyof ButtonProps>) {
  return <Button component="a" {...props} />;
}

function PlainAnchor(props: AnchorProps & Omit<Html, keyof AnchorProps>) {
  return <Anchor {...props} />;
}

function PlainItem(props: MenuItemProps & Omit<Html, keyof MenuItemProps>) {
  return <Menu.Item component="a" {...props} />;
}

/** A button that leads to a page; `to`, `params` and `search` are checked against the router. */
export const LinkButton = createLink(PlainButton);

/** A link in a text or a table that leads to a page. */
export const LinkAnchor = createLink(PlainAnchor);

/** An entry of a menu that leads to a page. */
export const LinkItem = createLink(PlainItem);
