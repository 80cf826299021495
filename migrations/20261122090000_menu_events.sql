-- Numbers the steps of menus that ran outside a call; they stand before every epoch, in epoch 0.
CREATE SEQUENCE menu_event_numbers;

GRANT USAGE ON SEQUENCE menu_event_numbers TO switchboard_app;
