//! What the pod and the service share: the lines between them, and the views that both can draw.

pub mod wire;
