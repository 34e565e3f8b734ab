import { useFlag } from "@unleash/proxy-client-react";

export function Checkout(props: Props) {
  const fast = useFlag("fast-checkout");
  if (fast) {
    return <FastCheckout />;
  }
  return useFlag("gift-cards") ? <Gifts /> : <Cart />;
}
